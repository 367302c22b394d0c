declare const brand: unique symbol

/** A type whose values only one function makes, after checking (code-style.md, section 5). */
export type Brand<T, Name extends string> = T & { readonly [brand]: Name }
