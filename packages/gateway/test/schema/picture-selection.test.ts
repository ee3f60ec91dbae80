import { describe, expect, it } from 'vitest';
import { InsideGraphQL } from '../support/graphql.ts';
import { boxId } from '../support/recognitions.ts';

const NONE = { live: false, registered: false };
const LIVE = { live: true, registered: false };
const REGISTERED = { live: false, registered: true };
const BOTH = { live: true, registered: true };

/** What box a is asked for while this subscription stands. */
async function demandOf(document: string, variables?: Record<string, unknown>) {
  await using gateway = new InsideGraphQL();
  const subscription = await gateway.subscribe(document, variables);
  const demand = gateway.inside.demand.of(boxId('a'));
  await subscription.return();
  return demand;
}

const withImages = (selection: string): string =>
  `subscription ($yes: Boolean = true, $no: Boolean = false) {
    recognitionEvents(withImages: true) { id @include(if: $yes) @skip(if: $no) ${selection} }
  }`;

describe('the pictures that boxes are asked for', () => {
  it.each([
    ['', NONE],
    ['faceImage { url }', LIVE],
    ['sceneImage { byteLength }', LIVE],
    ['registeredImage { base64 }', REGISTERED],
    ['faceImage { url } registeredImage { url }', BOTH],
  ])('are those that are selected: "%s"', async (selection, demand) => {
    expect(await demandOf(withImages(selection))).toEqual(demand);
  });

  it('are none without withImages, whatever is selected', async () => {
    const selection = '{ id faceImage { url } registeredImage { url } }';
    expect(await demandOf(`subscription { recognitionEvents ${selection} }`)).toEqual(NONE);
    expect(
      await demandOf(`subscription { recognitionEvents(withImages: null) ${selection} }`),
    ).toEqual(NONE);
  });

  it('go by the name of the field, not by its alias', async () => {
    expect(await demandOf(withImages('faceImage: registeredImage { url }'))).toEqual(REGISTERED);
    expect(await demandOf(withImages('faceImage: identityName'))).toEqual(NONE);
  });

  it('are found in fragments, named and inline, however deep', async () => {
    const document = `${withImages('...Outer')}
      fragment Outer on RecognitionEvent { ... on RecognitionEvent { ... { ...Inner } } }
      fragment Inner on RecognitionEvent { portrait: registeredImage { url } }`;
    expect(await demandOf(document)).toEqual(REGISTERED);
  });

  it('are found in every mention of the subscribed field', async () => {
    const document = `subscription { ...One ...Two }
      fragment One on Subscription { recognitionEvents(withImages: true) { faceImage { url } } }
      fragment Two on Subscription { recognitionEvents(withImages: true) { registeredImage { url } } }`;
    expect(await demandOf(document)).toEqual(BOTH);
  });

  it.each([
    ['faceImage @include(if: $no) { url }', NONE],
    ['faceImage @skip(if: $yes) { url }', NONE],
    ['faceImage @include(if: $yes) @skip(if: $yes) { url }', NONE],
    ['faceImage @include(if: $yes) @skip(if: $no) { url }', LIVE],
    ['... @include(if: $no) { faceImage { url } }', NONE],
    ['... @skip(if: $no) { faceImage { url } }', LIVE],
    [
      'faceImage @include(if: false) { url } registeredImage @include(if: true) { url }',
      REGISTERED,
    ],
  ])('follow @include and @skip: %s', async (selection, demand) => {
    expect(await demandOf(withImages(selection))).toEqual(demand);
  });

  it('follow the variables that the request gives', async () => {
    const document = withImages('faceImage @include(if: $no) { url }');
    expect(await demandOf(document, { no: true })).toEqual(LIVE);
    expect(await demandOf(withImages('faceImage @skip(if: $yes) { url }'), { yes: false })).toEqual(
      LIVE,
    );
  });
});
