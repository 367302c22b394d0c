/** Whether an address of a socket's peer is this very machine. */
export function isLoopback(address: string): boolean {
  const plain = address.startsWith(mappedPrefix) ? address.slice(mappedPrefix.length) : address
  return plain === '::1' || /^127\.\d+\.\d+\.\d+$/.test(plain)
}

/** IPv4 on a socket that listens on IPv6. */
const mappedPrefix = '::ffff:'
