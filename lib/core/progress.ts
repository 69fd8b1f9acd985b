/** One step of a long piece of work, reported to whoever shows it. */
export interface ProgressEvent {
  /** What is going on, e.g. `"pick"` or `"train"`. */
  stage: string;
  /** Steps finished. */
  done: number;
  /** Steps in all. */
  total: number;
  /** A short note beside the bar, e.g. the file in work or the loss. */
  note?: string;
  /** Numbers of the step by their names, e.g. the losses. */
  values?: Readonly<Record<string, number>>;
}

/** Receives progress; the library itself prints nothing. */
export type OnProgress = (event: ProgressEvent) => void;
