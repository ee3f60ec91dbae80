import type { GatewayErrorCode } from '../errors.ts';

/**
 * Why a WebSocket is closed, for the close frame: what HTTP says in `extensions.code`, and a text
 * for people. Both together may have 123 bytes (RFC 6455, section 5.5).
 */
export const closeReason = (code: GatewayErrorCode, text: string): string => `${code}: ${text}`;
