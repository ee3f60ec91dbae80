/** What a hostile box changes of an event. */
export interface HostileEvent {
  readonly deviceId: string;
  /** Tells events apart. */
  readonly number: number;
  readonly ext?: Readonly<Record<string, unknown>>;
  /** base64. */
  readonly registered?: string;
}

/** A message that the protocol allows, whatever is in it. */
export const messageOf = ({ deviceId, number, ext = {}, registered = '' }: HostileEvent): string =>
  JSON.stringify({
    reg_pic: registered,
    ext_data: { person_type: 4, device_ip: '192.0.2.1', device_type: '0', ...ext },
    identity_id: `hostile-${number}`,
    device_id: deviceId,
    identity_info: {},
    score: 0.5,
    timestamp: Date.now(),
    group_name: '',
    identity_name: '',
    video_id: deviceId,
    event_id: String(number),
  });

/** The answer to a question for stored events: so many records on one page. */
export const storedPage = (records: number): string =>
  `{"data":[${Array(records).fill('{}').join(',')}],"pagination":{"num_pages":1,"page":0,"per_page":50,"total_count":${records}}}`;

/** A device list in which every device has another id and name than in the `poll` before. */
export const renamedList = (poll: number, devices: number): string =>
  JSON.stringify({
    data: {
      devices_list: Array.from({ length: devices }, (_, device) => ({
        device_id: `renamed-${poll}-${device}`,
        device_name: `${poll} ${device} ${'n'.repeat(80)}`,
        device_ip: '192.0.2.1',
        device_type: 'photo',
        group_id: '',
      })),
    },
  });
