/** Numbers in network byte order, as the protocol has them. */
export function int16(value: number): Buffer {
  const buffer = Buffer.allocUnsafe(2)
  buffer.writeInt16BE(value)
  return buffer
}

export function int32(value: number): Buffer {
  const buffer = Buffer.allocUnsafe(4)
  buffer.writeInt32BE(value)
  return buffer
}

export function int64(value: bigint): Buffer {
  const buffer = Buffer.allocUnsafe(8)
  buffer.writeBigInt64BE(value)
  return buffer
}

export function float32(value: number): Buffer {
  const buffer = Buffer.allocUnsafe(4)
  buffer.writeFloatBE(value)
  return buffer
}

export function float64(value: number): Buffer {
  const buffer = Buffer.allocUnsafe(8)
  buffer.writeDoubleBE(value)
  return buffer
}
