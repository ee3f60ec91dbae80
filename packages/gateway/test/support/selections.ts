import fc from 'fast-check';
import {
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isObjectType,
  NoUnusedVariablesRule,
  parse,
  specifiedRules,
  type ValidatedSubscriptionArgs,
  validate,
  validateSubscriptionArgs,
} from 'graphql';

/** What a selection comes to, however it is written. */
interface Selected {
  /** The response key. */
  readonly key: string;
  readonly field: string;
  /** Undefined for leaves. */
  readonly of: Selection | undefined;
}

interface Selection {
  readonly type: string;
  readonly fields: readonly Selected[];
}

/** What a subscription to recognitions comes to, but for what only routes. */
export interface Subscription {
  readonly key: string;
  readonly withImages: boolean;
  readonly selection: Selection;
}

interface Field {
  readonly name: string;
  readonly of: GraphQLObjectType | undefined;
}

/** Also names of fields, which then stand for another. */
const ALIASES = ['a', 'b', 'id', 'name', 'box'];

/** How deep objects are nested below an event. */
const DEPTH = 3;

export function anySubscription(schema: GraphQLSchema): fc.Arbitrary<Subscription> {
  const selectionOf = (type: GraphQLObjectType, depth: number): fc.Arbitrary<Selection> => {
    const leaves: Field[] = [{ name: '__typename', of: undefined }];
    const objects: Field[] = [];
    for (const { name, type: outputType } of Object.values(type.getFields())) {
      const of = getNamedType(outputType);
      if (isObjectType(of)) objects.push({ name, of });
      else leaves.push({ name, of: undefined });
    }
    const selected = fc
      .tuple(
        fc.constantFrom(...leaves, ...(depth > 0 ? objects : [])),
        fc.option(fc.constantFrom(...ALIASES), { nil: undefined, freq: 3 }),
      )
      .chain(([{ name, of }, alias = name]) => {
        const below = of ? selectionOf(of, depth - 1) : fc.constant(undefined);
        return below.map((inner) => ({ key: alias, field: name, of: inner }));
      });
    return fc
      .uniqueArray(selected, { selector: ({ key }) => key, minLength: 1, maxLength: 5 })
      .map((all) => ({ type: type.name, fields: all }));
  };
  const event = schema.getType('RecognitionEvent');
  if (!isObjectType(event)) throw new Error('the schema has no recognitions');
  return fc.record({
    key: fc.constantFrom('recognitionEvents', 'e'),
    withImages: fc.boolean(),
    selection: selectionOf(event, DEPTH),
  });
}

/** Makes choices: `fc.gen()`. */
export type Choose = fc.GeneratorValue;

/** One of the many ways to write a subscription. */
export function write(
  subscription: Subscription,
  choose: Choose,
  schema: GraphQLSchema,
): ValidatedSubscriptionArgs {
  const { source, variables } = new Writer(choose).subscription(subscription);
  const document = parse(source);
  const rules = specifiedRules.filter((rule) => rule !== NoUnusedVariablesRule);
  const errors = [
    ...validate(schema, document, rules),
    ...[validateSubscriptionArgs({ schema, document, variableValues: variables })].flat(),
  ].filter((each) => each instanceof Error);
  const operation = validateSubscriptionArgs({ schema, document, variableValues: variables });
  if (errors.length > 0 || !('schema' in operation)) throw new Error(`${errors}\n${source}`);
  return operation;
}

class Writer {
  readonly #choose: Choose;
  readonly #fragments: string[] = [];

  constructor(choose: Choose) {
    this.#choose = choose;
  }

  subscription({ key, withImages, selection }: Subscription) {
    const imagesInVariable = this.#maybe();
    const variables: Record<string, unknown> = {
      ...(this.#maybe() && { yes: true }),
      ...(this.#maybe() && { no: false }),
      ...(this.#maybe() && { devices: ['a/gate'] }),
      ...(imagesInVariable && { images: withImages }),
    };
    const args = [
      ...(imagesInVariable ? ['withImages: $images'] : []),
      ...(!imagesInVariable && (withImages || this.#maybe()) ? [`withImages: ${withImages}`] : []),
      ...(this.#maybe() ? ['deviceIds: $devices'] : []),
      ...(this.#maybe() ? ['after: "somewhere"'] : []),
      ...(this.#maybe() ? ['filter: { siteIds: ["hq"], minScore: 0.5 }'] : []),
    ];
    const shuffled = this.#choose(fc.shuffledSubarray, args, { minLength: args.length });
    const argumentList = shuffled.length > 0 ? `(${shuffled.join(', ')})` : '';
    const mention = (fields: Selection) =>
      `${this.#name(key, 'recognitionEvents')}${argumentList} { ${this.#selection(fields)} }`;
    const root = this.#wrap('Subscription', this.#mentions(selection, mention).join(' '), () => '');
    const source = `
      subscription ($yes: Boolean = true, $no: Boolean = false, $images: Boolean, $devices: [ID!]) {
        ${root}
      }
      ${this.#fragments.join('\n')}`;
    return { source, variables };
  }

  #selection({ type, fields }: Selection): string {
    const written: string[] = [];
    /** Goes behind what is merged with it. */
    const later: string[] = [];
    let rest = fields;
    while (rest.length > 0) {
      const count = this.#choose(fc.integer, { min: 1, max: rest.length });
      const run = rest.slice(0, count).map((each) => {
        const [first = '', ...others] = this.#field(each);
        later.push(...others);
        return first;
      });
      if (this.#maybe())
        run.push('left: __typename @skip(if: $yes) out: __typename @include(if: false)');
      written.push(this.#wrap(type, run.join(' ')));
      rest = rest.slice(count);
    }
    if (later.length > 0) written.push(this.#wrap(type, later.join(' ')));
    return written.join(' ');
  }

  #field({ key, field, of }: Selected): string[] {
    const name = () => `${this.#name(key, field)} ${this.#condition()}`;
    if (of === undefined) return this.#maybe() ? [name(), name()] : [name()];
    return this.#mentions(of, (part) => `${name()} { ${this.#selection(part)} }`);
  }

  /** The same field, mentioned once with all of its fields, or twice with a part of them. */
  #mentions(selection: Selection, mention: (part: Selection) => string): string[] {
    const { fields } = selection;
    const cut = this.#choose(fc.integer, { min: 0, max: fields.length });
    if (cut === 0 || cut === fields.length) return [mention(selection)];
    const parts = [fields.slice(0, cut), fields.slice(cut)];
    return parts.map((part) => mention({ ...selection, fields: part }));
  }

  #wrap(type: string, fields: string, condition = () => this.#condition()): string {
    const how = this.#choose(fc.constantFrom, 'plain', 'inline', 'typed', 'named', 'named twice');
    switch (how) {
      case 'plain':
        return fields;
      case 'inline':
        return `... ${condition()} { ${fields} }`;
      case 'typed':
        return `... on ${type} ${condition()} { ${fields} }`;
      default: {
        const name = `F${this.#fragments.length}`;
        this.#fragments.push(`fragment ${name} on ${type} { ${fields} }`);
        const spread = `...${name} ${condition()}`;
        return how === 'named' ? spread : `${spread} ${spread}`;
      }
    }
  }

  #condition(): string {
    return this.#choose(
      fc.constantFrom,
      '',
      '',
      '@include(if: true)',
      '@include(if: $yes)',
      '@skip(if: false)',
      '@skip(if: $no) @include(if: $yes)',
    );
  }

  #name(key: string, field: string): string {
    return key === field && this.#maybe() ? field : `${key}: ${field}`;
  }

  #maybe(): boolean {
    return this.#choose(fc.boolean);
  }
}
