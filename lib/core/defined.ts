/** The fields that have a value: records that are compared or listed have no undefined ones. */
export function defined<T extends object>(fields: T): T {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as T;
}
