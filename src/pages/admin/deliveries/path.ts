/** Owns the addresses of what was sent. */

export const deliveriesPath = '/admin/deliveries';
export const testDeliveryPath = '/admin/deliveries/test';

export const numberBlocksPath = '/admin/deliveries/blocks';

/** The page that opens a closed block of numbers (`+316123`) again. */
export function numberBlockPath(prefix: string): string {
  return `${numberBlocksPath}/${prefix.replace('+', '')}`;
}

/** The page of one message. */
export function deliveryPath(id: string): string {
  return `${deliveriesPath}/${encodeURIComponent(id)}`;
}
