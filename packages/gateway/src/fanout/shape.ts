import type { Picture } from '@se5/core';
import {
  type ExecutionResult,
  executeSubscriptionEvent,
  type GraphQLFormattedError,
  type ValidatedSubscriptionArgs,
} from 'graphql';
import type { PermissionClass } from '../access/permission-class.ts';
import type { Detail } from '../journal/detail.ts';
import { type AnswerPlan, planAnswers } from './answer-plan.ts';
import type { Delivery } from './delivery.ts';
import type { Payload } from './payload.ts';
import { PictureSplice } from './picture-splice.ts';
import type { SubscriptionRequest } from './subscription-request.ts';

/** The string that stands for a picture's base64 in an answer. */
export type PictureText = (picture: Picture) => string;

/** How an event becomes an answer. */
export interface ResponseExecutor {
  readonly operation: ValidatedSubscriptionArgs;
  /** What the resolvers work on: an object of its own for each execution. */
  readonly contextFor: (pictureText: PictureText) => object;
  /** What a user may see of an error. It is logged here, and here only. */
  readonly publicError: (error: unknown) => GraphQLFormattedError;
}

let made = 0;

/**
 * What the answers of some operations look like, which are equal to the byte however the
 * operations are written. An answer is made by executing any one of them.
 */
export class Shape {
  readonly key: string;
  /** Tells shapes apart for as long as the process lives. */
  readonly id = ++made;
  /** Whether deliveries in this shape show pictures. */
  readonly withImages: boolean;
  /** What the answers show of an event. */
  readonly detail: Detail;
  /** Of all who get the answers. */
  readonly permissionClass: PermissionClass;
  readonly #executor: ResponseExecutor;
  readonly #plan: AnswerPlan;

  constructor(
    key: string,
    {
      withImages,
      executor,
      detail = 'full',
      permissionClass,
    }: Pick<SubscriptionRequest, 'withImages' | 'detail'> & {
      readonly executor: ResponseExecutor;
      readonly permissionClass: PermissionClass;
    },
  ) {
    this.key = key;
    this.permissionClass = permissionClass;
    this.withImages = withImages;
    this.detail = detail;
    this.#executor = executor;
    this.#plan = planAnswers(executor.operation);
  }

  /**
   * Makes the answer to one delivery; now, unless a resolver takes its time. Errors are part of
   * it: nothing throws, except where `publicError` does.
   */
  answer(delivery: Delivery): Payload | Promise<Payload> {
    const { operation, contextFor } = this.#executor;
    const splice = new PictureSplice();
    try {
      const contextValue = contextFor(splice.textOf);
      // Pictures of a replay may have to be read from a disk: not at once, so not by the plan.
      const isPlanned = !(delivery.replayed && delivery.withImages);
      const data = isPlanned ? this.#plan(delivery, contextValue) : undefined;
      if (data) return this.#encode({ data }, splice, delivery);
      const result = executeSubscriptionEvent({ ...operation, rootValue: delivery, contextValue });
      return result instanceof Promise
        ? result.then(
            (later) => this.#encode(later, splice, delivery),
            (error: unknown) => this.#fail(error, delivery),
          )
        : this.#encode(result, splice, delivery);
    } catch (error) {
      return this.#fail(error, delivery);
    }
  }

  #encode(
    { errors, ...rest }: ExecutionResult,
    splice: PictureSplice,
    delivery: Delivery,
  ): Payload {
    try {
      const result = errors ? { errors: errors.map((each) => this.#tell(each)), ...rest } : rest;
      return payloadOf(splice.join(JSON.stringify(result)), delivery);
    } catch (error) {
      return this.#fail(error, delivery);
    }
  }

  #fail(error: unknown, delivery: Delivery): Payload {
    const json = JSON.stringify({ errors: [this.#tell(error)] });
    return payloadOf([Buffer.from(json)], delivery);
  }

  /** Where an error is in the document differs between operations that share this shape. */
  #tell(error: unknown): GraphQLFormattedError {
    const { locations: _, ...told } = this.#executor.publicError(error);
    return told;
  }
}

function payloadOf(parts: readonly Buffer[], { position }: Delivery): Payload {
  let byteLength = 0;
  for (const part of parts) byteLength += part.byteLength;
  return { parts, byteLength, hasPictures: parts.length > 1, position };
}
