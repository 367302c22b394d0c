/**
 * JSON that loses nothing of what the catalog keeps as documents: bigint, bytes, infinities, NaN and
 * -0 are written as `{"$": <tag>, "value": ...}`. An object that has a key `$` itself is wrapped, so that no
 * value can be mistaken for a tag. A property that is undefined is absent, as everywhere in grantd.
 */
import { types } from 'node:util'

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

const tagKey = '$'

/** The text of a value; `decodeTaggedJson` is its inverse. */
export function encodeTaggedJson(value: unknown): string {
  return JSON.stringify(toJson(value))
}

/** The value of a text that `encodeTaggedJson` made. @throws SyntaxError for any other text */
export function decodeTaggedJson(text: string): unknown {
  return fromJson(JSON.parse(text))
}

function toJson(value: unknown): Json {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'number') {
    return Number.isFinite(value) && !Object.is(value, -0) ? value : numberTag(value)
  }
  if (typeof value === 'bigint') return tag('bigint', String(value))
  if (typeof value === 'object') return objectToJson(value)
  throw new TypeError(`a ${typeof value} cannot be stored`)
}

function numberTag(value: number): Json {
  return tag('number', Object.is(value, -0) ? '-0' : String(value))
}

function objectToJson(value: object): Json {
  if (Array.isArray(value)) return value.map(toJson)
  if (types.isUint8Array(value)) return tag('bytes', Buffer.from(value).toString('base64'))
  const entries = Object.entries(value)
    .filter(([, property]) => property !== undefined)
    .map(([key, property]) => [key, toJson(property)] as const)
  const object = Object.fromEntries(entries)
  return Object.hasOwn(object, tagKey) ? tag('object', object) : object
}

function tag(name: string, value: Json): Json {
  return { [tagKey]: name, value }
}

function fromJson(json: unknown): unknown {
  if (typeof json !== 'object' || json === null) return json
  if (Array.isArray(json)) return json.map(fromJson)
  if (tagKey in json && 'value' in json) return fromTag(json[tagKey], json.value)
  return propertiesFromJson(json)
}

function propertiesFromJson(json: object): unknown {
  return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, fromJson(value)]))
}

function fromTag(name: unknown, value: unknown): unknown {
  if (name === 'object' && typeof value === 'object' && value !== null) {
    return propertiesFromJson(value)
  }
  if (typeof value === 'string') {
    if (name === 'bigint') return BigInt(value)
    if (name === 'number') return Number(value)
    if (name === 'bytes') return new Uint8Array(Buffer.from(value, 'base64'))
  }
  throw new SyntaxError(`unknown tag ${JSON.stringify(name)}`)
}
