/** The receipt number of a competition's n-th submitted proposal: `summer-007`. */
export const receiptNumber = (slug: string, n: number): string => `${slug}-${String(n).padStart(3, '0')}`;
