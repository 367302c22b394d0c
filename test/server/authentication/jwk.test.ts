import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto'
import { expect, test } from '@jest/globals'
import type { JwkPublicKey } from '../../../server/authentication/jwk.ts'
import { checkPublicKey, generateJwk } from '../../../server/authentication/jwk.ts'

const known = generateJwk()

test('a generated JWK is a key pair on P-256 that signs, each value 32 bytes in base64url', () => {
  const { x, y, d } = generateJwk()
  for (const value of [x, y, d]) expect(value).toMatch(/^[A-Za-z0-9_-]{43}$/)
  expect(() => checkPublicKey({ x, y })).not.toThrow()
  const curve = { kty: 'EC', crv: 'P-256', x, y }
  const data = Buffer.from('challenge')
  const privateKey = createPrivateKey({ key: { ...curve, d }, format: 'jwk' })
  const publicKey = createPublicKey({ key: curve, format: 'jwk' })
  expect(verify('sha256', data, publicKey, sign('sha256', data, privateKey))).toBe(true)
})

function coordinate(number: bigint): string {
  return Buffer.from(number.toString(16).padStart(64, '0'), 'hex').toString('base64url')
}

const prime = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn
/** The point with x = 5 (https://neuromancer.sk/std/nist/P-256 has the curve). */
const smallX = 5n

function power(base: bigint, exponent: bigint): bigint {
  let [result, factor, rest] = [1n, base % prime, exponent]
  while (rest > 0n) {
    if (rest % 2n === 1n) result = (result * factor) % prime
    factor = (factor * factor) % prime
    rest /= 2n
  }
  return result
}

function yOf(x: bigint): bigint {
  const b = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn
  return power(x ** 3n - 3n * x + b, (prime + 1n) / 4n)
}

test('a point that somebody computed is accepted', () => {
  expect(() => checkPublicKey({ x: coordinate(smallX), y: coordinate(yOf(smallX)) })).not.toThrow()
})

test.each<[string, JwkPublicKey]>([
  ['x and y swapped', { x: known.y, y: known.x }],
  ['the point at infinity', { x: coordinate(0n), y: coordinate(0n) }],
  ['y of another point', { x: known.x, y: generateJwk().y }],
  ['a coordinate not reduced', { x: coordinate(smallX + prime), y: coordinate(yOf(smallX)) }],
  ['nothing', { x: '', y: '' }],
  ['a coordinate of 31 bytes', { x: known.x.slice(0, 42), y: known.y }],
  ['padding', { x: `${known.x}=`, y: known.y }],
  ['white space', { x: ` ${known.x}`, y: known.y }],
  ['plain base64', { x: Buffer.alloc(32, 0xff).toString('base64'), y: known.y }],
  ['hex', { x: Buffer.from(known.x, 'base64url').toString('hex'), y: known.y }],
])('%s is refused', (_, key) => {
  expect(() => checkPublicKey(key)).toThrow(expect.objectContaining({ sqlState: '22023' }))
})

test('the last character has one spelling', () => {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  const last = alphabet.indexOf(known.x.slice(-1))
  const alias = known.x.slice(0, -1) + alphabet.charAt(last + 1)
  expect(Buffer.from(alias, 'base64url')).toEqual(Buffer.from(known.x, 'base64url'))
  expect(() => checkPublicKey({ x: alias, y: known.y })).toThrow('invalid public key')
})
