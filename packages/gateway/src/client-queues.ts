/**
 * A queue in which clients take turns: an item is taken of each client that has some, in the order
 * in which the client came. The items of one client keep their order.
 */
export class ClientQueues<Item> {
  /** In the order in which the clients have their turns. */
  readonly #byClient = new Map<object, Item[]>();
  #size = 0;

  /** Items of all clients. */
  get size(): number {
    return this.#size;
  }

  /** Items of this client. */
  sizeOf(client: object): number {
    return this.#byClient.get(client)?.length ?? 0;
  }

  push(client: object, item: Item): void {
    this.#size += 1;
    const items = this.#byClient.get(client);
    if (items) items.push(item);
    else this.#byClient.set(client, [item]);
  }

  /**
   * Takes the next item; the client's others wait behind those of all other clients.
   *
   * @param hasTurn Whose items may be taken now. Default: everybody's.
   */
  shift(hasTurn: (client: object) => boolean = () => true): Item | undefined {
    for (const [client, items] of this.#byClient) {
      if (!hasTurn(client)) continue;
      const item = items.shift();
      this.#size -= 1;
      this.#byClient.delete(client);
      if (items.length > 0) this.#byClient.set(client, items);
      return item;
    }
    return undefined;
  }

  /** Takes an item out of turn; one that is not there is passed over. */
  delete(client: object, item: Item): void {
    const items = this.#byClient.get(client) ?? [];
    const at = items.indexOf(item);
    if (at === -1) return;
    items.splice(at, 1);
    this.#size -= 1;
    if (items.length === 0) this.#byClient.delete(client);
  }
}
