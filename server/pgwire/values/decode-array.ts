import type { ArrayType, ScalarType, SqlValue } from '../../../store/sql-type.ts'
import { oidOf } from '../../../store/type-oid.ts'
import { MessageReader } from '../messages/message-reader.ts'
import { insufficientData } from '../messages/protocol-errors.ts'
import { decodeScalar } from './decode-scalar.ts'
import {
  arrayTooLarge,
  improperElement,
  insufficientElements,
  invalidArrayDimensions,
  invalidArrayFlags,
  lowerBoundRefused,
  tooManyArrayDimensions,
  wrongElementType,
} from './value-errors.ts'

/** An array: its dimensions, then the elements of all of them (PostgreSQL 15, `array_recv`). */
export function decodeArray(reader: MessageReader, type: ArrayType): readonly SqlValue[] {
  const dimensionCount = decodeDimensionCount(reader)
  const flags = reader.int32()
  if (flags !== 0 && flags !== 1) throw invalidArrayFlags()
  const given = reader.uint32()
  const expected = oidOf(type.element)
  if (given !== expected) throw wrongElementType({ given, expected })
  const sizes = Array.from({ length: dimensionCount }, () => decodeDimension(reader))
  const elementCount = sizes.reduce(multiply, 1)
  if (dimensionCount === 0 || elementCount === 0) return []
  // Each element takes four bytes at least: nothing is made for elements that cannot be there.
  if (elementCount * lengthBytes > reader.remaining) throw insufficientData()
  const elements = Array.from({ length: elementCount }, (_, index) =>
    decodeElement(reader, type.element, index + 1),
  )
  return nest(elements, sizes)
}

function decodeDimensionCount(reader: MessageReader): number {
  const count = reader.int32()
  if (count < 0) throw invalidArrayDimensions(count)
  if (count > dimensionsMax) throw tooManyArrayDimensions(count, dimensionsMax)
  return count
}

/** PostgreSQL 15, c.h: MAXDIM. */
const dimensionsMax = 6

const lengthBytes = 4

function decodeDimension(reader: MessageReader): number {
  const size = reader.int32()
  const lowerBound = reader.int32()
  if (size < 0) throw arrayTooLarge(elementsMax)
  if (lowerBound !== 1) throw lowerBoundRefused(lowerBound)
  return size
}

function multiply(product: number, size: number): number {
  const elementCount = product * size
  if (elementCount > elementsMax) throw arrayTooLarge(elementsMax)
  return elementCount
}

/** PostgreSQL 15, utils/array.h: MaxArraySize. */
const elementsMax = 134_217_727

function decodeElement(reader: MessageReader, type: ScalarType, number: number): SqlValue {
  const length = reader.int32()
  if (length === nullLength) return null
  if (length < 0 || length > reader.remaining) throw insufficientElements()
  const element = new MessageReader(reader.bytes(length))
  const value = decodeScalar(element, type)
  if (element.remaining > 0) throw improperElement(number)
  return value
}

const nullLength = -1

/** The flat elements in row-major order, nested by all sizes but the first. */
function nest(elements: readonly SqlValue[], sizes: readonly number[]): readonly SqlValue[] {
  return sizes.slice(1).reduceRight<readonly SqlValue[]>(group, elements)
}

function group(elements: readonly SqlValue[], size: number): readonly SqlValue[] {
  return Array.from({ length: elements.length / size }, (_, index) =>
    elements.slice(index * size, (index + 1) * size),
  )
}
