/** What the page of groups says. */
export const en = {
  title: 'Groups',
  intro:
    'A group is there as soon as somebody belongs to it. Open one to see its people; the quick steps there change it.',
  none: 'Nobody belongs to a group yet',
  noneBody: 'Select people in Users and press “Change groups”.',
  columns: { name: 'Group', people: 'People', registered: 'Registered', share: 'Share' },
  change: 'To make, rename or end a group select people in Users and press “Change groups”.',
  toUsers: 'Users',
};
