/**
 * Connections that do what well-behaved clients do not.
 *
 * @module
 */

const HOST = "127.0.0.1";

const encoder = new TextEncoder();

/** A connection on which bytes are sent and received as they are. */
export class RawConnection {
  readonly #connection: Deno.TcpConn;
  #received = "";

  private constructor(connection: Deno.TcpConn) {
    this.#connection = connection;
  }

  /** Connects, and sends a text. */
  static async open(port: number, text = ""): Promise<RawConnection> {
    const raw = new RawConnection(await Deno.connect({ hostname: HOST, port }));
    await raw.send(text);
    return raw;
  }

  /** Sends a text. */
  async send(text: string): Promise<void> {
    const bytes = encoder.encode(text);
    for (let sent = 0; sent < bytes.length;) {
      sent += await this.#connection.write(bytes.subarray(sent));
    }
  }

  /** Reads until a text has arrived so many times; all that was received up to then. */
  async readUntil(text: string, times = 1): Promise<string> {
    while (this.#received.split(text).length <= times) {
      if (!await this.#read()) throw new Error(`closed before ${text}: ${this.#received}`);
    }
    return this.#received;
  }

  /** Reads until the server closes the connection. */
  async readToEnd(): Promise<string> {
    while (await this.#read());
    return this.#received;
  }

  /** Closes the connection. */
  close(): void {
    this.#connection.close();
  }

  async #read(): Promise<boolean> {
    const buffer = new Uint8Array(64 * 1024);
    try {
      const count = await this.#connection.read(buffer);
      if (count === null) return false;
      this.#received += new TextDecoder().decode(buffer.subarray(0, count));
      return true;
    } catch (error) {
      if (error instanceof Deno.errors.ConnectionReset) return false;
      throw error;
    }
  }
}

/** A request without a body on a connection that stays open. */
export function requestText(method: string, path: string): string {
  return `${method} ${path} HTTP/1.1\r\nHost: x\r\n\r\n`;
}

/** Waits until something holds, for a long time. */
export async function eventually(
  what: string,
  holds: () => boolean | Promise<boolean>,
): Promise<void> {
  const end = Date.now() + 60_000;
  while (!await holds()) {
    if (Date.now() > end) throw new Error(`waited in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
