/** Items by a text that alike ones share, groups and items in the order in which they came. */
export function groupBy<Item>(
  items: readonly Item[],
  textOf: (item: Item) => string,
): readonly (readonly [Item, ...Item[]])[] {
  const groups = new Map<string, [Item, ...Item[]]>()
  for (const item of items) {
    const text = textOf(item)
    const group = groups.get(text)
    if (group === undefined) groups.set(text, [item])
    else group.push(item)
  }
  return [...groups.values()]
}
