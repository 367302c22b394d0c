import type { ScalarType } from '../../sql-type.ts'
import type { EngineType } from '../engine-type.ts'
import type { VectorView } from '../vector-view.ts'
import type { ColumnEncoder } from './column-writer.ts'
import { writePadded, writeUnsigned } from './digits.ts'
import { fixed } from './integer-columns.ts'

/** Decimals of up to 9 digits lie in 16 or 32 bits, and are written by division like integers. */
export function smallNumericText(
  engine: EngineType & { readonly kind: 'Decimal' },
  type: ScalarType,
): ColumnEncoder | undefined {
  const declaredScale = type.precision === undefined ? engine.scale : (type.scale ?? 0)
  if (engine.width > 9 || declaredScale !== engine.scale) return undefined
  const { scale } = engine
  const unit = 10 ** scale
  return (view, range) => {
    const data = unscaledData(view, engine.width)
    return fixed(view, range, 13, (row, out, at) => {
      const unscaled = data[row] ?? 0
      const size = Math.abs(unscaled)
      const whole = Math.floor(size / unit)
      if (unscaled < 0) out[at] = 45
      const point = writeUnsigned(out, unscaled < 0 ? at + 1 : at, whole)
      if (scale === 0) return point
      out[point] = 46
      return writePadded(out, point + 1, size - whole * unit, scale)
    })
  }
}

function unscaledData(view: VectorView, width: number): Int16Array | Int32Array {
  return width <= 4 ? new Int16Array(...view.span(2)) : new Int32Array(...view.span(4))
}
