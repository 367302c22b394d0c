/** A statement without spans, trees and offsets: what must be equal when it is printed and parsed again. */
export function withoutPlaces(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => withoutPlaces(item))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([field]) => !['span', 'tree', 'start', 'offsetOf'].includes(field))
      .map(([field, inner]) => [field, withoutPlaces(inner)]),
  )
}
