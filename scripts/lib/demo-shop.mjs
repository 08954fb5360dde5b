/**
 * The simulated Sticky.io of the demo, in this process.
 * @param {number} orders how many it begins with
 * @returns {Promise<{ url: string, changeOrders: (count: number) => void, addOrders: (count: number) => void, asked: () => Map<string, number>, forget: () => void, close: () => Promise<void> }>}
 *   `asked`: pages that were asked for, by list, since `forget`
 */
export async function startDemoShop(orders) {
  const { createSimulator } = await import("@lading/connectors/stickyio/simulator");
  let asked = new Map();
  const simulator = createSimulator({
    rows: orders,
    log: ({ url }) => {
      const [, list = ""] = /\/([a-z_]+)(?:\?|$)/.exec(url) ?? [];
      asked.set(list, (asked.get(list) ?? 0) + 1);
    },
  });
  const { url } = await simulator.listen(0);
  return {
    url,
    changeOrders: (count) => simulator.touch(count),
    addOrders: (count) => simulator.grow(count),
    asked: () => asked,
    forget: () => {
      asked = new Map();
    },
    close: () => simulator.close(),
  };
}
