/** Owns the addresses of the reports. */

export const reportsPath = '/admin/reports';
