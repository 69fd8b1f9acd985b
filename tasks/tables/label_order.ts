import { formatTable } from "../../mod.ts";
import { readJson, type Tables } from "./_read.ts";

/** What some micrographs teach. */
interface Learned {
  micrographs: number;
  labels: number;
  ap: number;
}

/** What `tests/label_order.ts` prints. */
interface LabelOrder {
  datasets: {
    name: string;
    none: Learned;
    all: Learned;
    orders: { order: string; learned: Learned[] }[];
  }[];
}

/** Labels that it takes in the page's order and in random ones. */
export async function labelOrderTables(): Promise<Tables> {
  const { datasets } = await readJson<LabelOrder>("models/experiments/label-order.json");
  const rows = datasets.flatMap(({ name, none, all, orders }) => [
    rowOf(name, "no label", none),
    rowOf(name, "all", all),
    ...orders.map(({ order, learned }) => rowOf(name, order, learned.at(-1)!)),
  ]);
  return {
    "label-order": formatTable(rows, [
      { key: "name", title: "dataset" },
      { key: "order" },
      { key: "micrographs", align: "right" },
      { key: "labels", align: "right" },
      { key: "ap", title: "AP", digits: 3, align: "right" },
    ]),
  };
}

const rowOf = (name: string, order: string, learned: Learned) => ({ name, order, ...learned });
