/** What stands before the authority of an address, as it is or percent-encoded into another one. */
const SCHEME_END = /:\/\/|%3a%2f%2f/i;

/** A parameter that names a credential, in a query or (on some cameras) in a path. */
const CREDENTIAL_PARAMETER = /(?:user|login|pass|pwd|auth|token|secret|key)\w{0,16}(?:=|%3d)/i;

const CREDENTIAL_NAME = /^pass$|passw|passphrase|pwd|secret|token|credential/i;

/** Whether a member holds a credential by its name, or its name itself holds one. */
export const namesCredential = (member: string): boolean =>
  CREDENTIAL_NAME.test(member) || withoutCredentials(member) !== member;

/**
 * A text without the credentials of the addresses in it: `rtsp://user:password@host/1` becomes
 * `rtsp://host/1`, `user:password@host` becomes `host`, and a text ends before a parameter like
 * `password=`.
 *
 * A password may hold any character unescaped, an `@`, a `/` or a space too, so all that may be
 * one goes. That can take more than the credentials, never less.
 */
export function withoutCredentials(text: string): string {
  const rest = SCHEME_END.test(text)
    ? withoutUserInfo(text)
    : text.split(/(\s+)/).map(withoutUserInfo).join('');
  return rest.slice(0, CREDENTIAL_PARAMETER.exec(rest)?.index);
}

function withoutUserInfo(text: string): string {
  const end = Math.max(lastEnd(text, '@'), lastEnd(text, '%40'));
  const userInfo = text.slice(0, end);
  const scheme = SCHEME_END.exec(userInfo);
  if (scheme) return text.slice(0, scheme.index + scheme[0].length) + text.slice(end);
  return userInfo.includes(':') ? text.slice(end) : text;
}

/** Where the last `part` ends; 0 when there is none. */
function lastEnd(text: string, part: string): number {
  const at = text.lastIndexOf(part);
  return at === -1 ? 0 : at + part.length;
}
