/** The id that the API gives of an order, from its index, which counts from 0. */
export const orderId = (index: number): number => 10_001 + index;
/** The id of a customer. */
export const customerId = (index: number): number => 501 + index;
/** The id of a product. */
export const productId = (index: number): number => 1 + index;
/** The id of a bundle. */
export const bundleId = (index: number): number => 1 + index;
