/** Digits in all and after the point, as the engine's DECIMAL counts them. */
export interface DecimalShape {
  readonly precision: number
  readonly scale: number
}

/** Most digits that the engine's DECIMAL holds. */
export const decimalDigitsMax = 38

/** The shape of a decimal text; undefined if it has too many digits. */
export function decimalShape(text: string): DecimalShape | undefined {
  const [whole = '', fraction = ''] = text.replace(/^[+-]/, '').split('.')
  const digits = whole.replace(/^0+/, '').length
  const precision = Math.max(digits + fraction.length, 1)
  return precision > decimalDigitsMax ? undefined : { precision, scale: fraction.length }
}
