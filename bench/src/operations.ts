/** A subscription that some of the clients make. */
export interface Operation {
  readonly query: string;
  /** Whether all three pictures are in the answers, in base64. */
  readonly showsPictures: boolean;
}

/** What a list of people passing by shows. */
export const PLAIN: Operation = {
  query: `subscription Recognitions {
    recognitionEvents {
      id cursor occurredAt receivedAt personType
      identityId identityName groupName score similarity
      device { id name } box { id name } site { id name }
    }
  }`,
  showsPictures: false,
};

/** The same with the three pictures inline. */
export const PICTURED: Operation = {
  query: `subscription Recognitions {
    recognitionEvents(withImages: true) {
      id cursor occurredAt personType identityId identityName similarity
      device { id name } site { id name }
      faceImage { base64 byteLength } sceneImage { base64 byteLength } registeredImage { base64 byteLength }
    }
  }`,
  showsPictures: true,
};
