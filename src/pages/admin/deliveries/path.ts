/** Owns the addresses of what was sent. */

export const deliveriesPath = '/admin/deliveries';
export const testDeliveryPath = '/admin/deliveries/test';

/** The page of one message. */
export function deliveryPath(id: string): string {
  return `${deliveriesPath}/${encodeURIComponent(id)}`;
}
