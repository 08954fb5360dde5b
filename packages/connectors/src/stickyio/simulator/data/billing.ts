/** The billing models that subscriptions and the lines of orders are on. */
export const billingModels = [
  { id: 2, name: "Monthly", description: "Bills every 30 days", days: 30, isDefault: "1" },
  { id: 3, name: "Every two weeks", description: "Bills every 14 days", days: 14, isDefault: null },
  { id: 4, name: "Quarterly", description: "Bills every 90 days", days: 90, isDefault: null },
] as const;

/** What a line that is bought once is on. */
export const oneTime = { id: 1, name: "One time purchase", description: "Bills once" } as const;
