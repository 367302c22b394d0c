/** A decimal as digits with `scale` of them after the point. */
export function decimalText(unscaled: bigint, scale: number): string {
  if (scale === 0) return unscaled.toString()
  const negative = unscaled < 0n
  const digits = (negative ? -unscaled : unscaled).toString().padStart(scale + 1, '0')
  const point = digits.length - scale
  return `${negative ? '-' : ''}${digits.slice(0, point)}.${digits.slice(point)}`
}

/** The same with at most the zeros at the end that `scaleMin` digits after the point need. */
export function trimmedDecimalText(unscaled: bigint, scale: number, scaleMin: number): string {
  if (scale < scaleMin) return decimalText(unscaled * 10n ** BigInt(scaleMin - scale), scaleMin)
  const text = decimalText(unscaled, scale)
  let end = text.length
  const endMin = text.length - scale + scaleMin
  while (end > endMin && text.charCodeAt(end - 1) === 48) end--
  return text.charCodeAt(end - 1) === 46 ? text.slice(0, end - 1) : text.slice(0, end)
}
