import type { RecognitionEvent } from '@se5/client';
import type { ReactNode } from 'react';
import { useHidden } from '../roles/hidden.ts';
import { fullTime } from '../time/format.ts';
import { useZone } from '../time/use-zone.ts';
import { FacePicture, RegisteredPicture } from '../ui/event-pictures.tsx';
import { deviceName, groupName, isCompared, percent } from '../ui/names.ts';
import { PersonName } from '../ui/person-name.tsx';
import { Portrait } from '../ui/portrait.tsx';
import { TypeMark } from '../ui/type-mark.tsx';
import { useImages } from '../ui/use-images.ts';
import { CopyLink } from './copy-link.tsx';

interface EventDetailProps {
  readonly event: RecognitionEvent;
  /** Leads to all that there is of the person. */
  readonly onPerson: (identityId: string) => void;
}

/** Everything that is known of one recognition, with the whole scene. */
export function EventDetail({ event, onPerson }: EventDetailProps) {
  const zone = useZone();
  const images = useImages(event);
  return (
    <article className="flex flex-col gap-4" data-testid="detail">
      <header className="flex items-start justify-between gap-3">
        <div className="min-w-0">
          <h2 className="flex">
            <PersonName event={event} className="text-xl font-semibold" />
          </h2>
          <p className="truncate text-muted">{groupName(event)}</p>
        </div>
        <TypeMark type={event.personType} />
      </header>
      <Portrait
        onFailed={images.failed}
        url={images.sceneImage?.url}
        label="The scene"
        missing="no picture of the scene"
        hidden={useHidden('scene')}
        className="aspect-video w-full"
      />
      <div className="grid grid-cols-2 gap-3">
        <Captioned caption="At the device">
          <FacePicture images={images} className="aspect-square w-full" />
        </Captioned>
        <Captioned caption="Registered">
          <RegisteredPicture
            images={images}
            missing="not registered"
            className="aspect-square w-full"
          />
        </Captioned>
      </div>
      {isCompared(event) && <Similarity value={event.similarity} />}
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1.5">
        <Fact name="Seen at">{fullTime(event.occurredAt, zone)}</Fact>
        <Fact name="Received at">{fullTime(event.receivedAt, zone)}</Fact>
        <Fact name="Device">{deviceName(event.device)}</Fact>
        <Fact name="Box">{event.box.name}</Fact>
        <Fact name="Site">{event.site.name}</Fact>
        <Fact name="Identity">
          {event.identityId === null ? 'hidden for this role' : event.identityId || 'none'}
        </Fact>
      </dl>
      <div className="flex flex-wrap gap-2">
        {event.identityId && (
          <button
            type="button"
            className="min-h-9 rounded-lg border border-line px-3 font-medium hover:bg-raised"
            onClick={() => onPerson(event.identityId ?? '')}
          >
            All of this person
          </button>
        )}
        <CopyLink />
      </div>
    </article>
  );
}

function Captioned({ caption, children }: { caption: string; children: ReactNode }) {
  return (
    <figure>
      {children}
      <figcaption className="mt-1 text-center text-xs text-muted">{caption}</figcaption>
    </figure>
  );
}

function Similarity({ value }: { value: number }) {
  return (
    <div>
      <div className="flex justify-between">
        <span className="text-muted">Similarity</span>
        <span className="font-semibold tabular-nums">{percent(value)}</span>
      </div>
      <div className="mt-1 h-1.5 overflow-hidden rounded-full bg-raised" aria-hidden="true">
        <div
          className="h-full rounded-full bg-accent"
          style={{ width: percent(value).replace(' ', '') }}
        />
      </div>
    </div>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-muted">{name}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </>
  );
}
