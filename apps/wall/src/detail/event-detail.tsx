import type { RecognitionEvent } from '@se5/client';
import type { ReactNode } from 'react';
import { useFormatter, useTranslations } from 'use-intl';
import { useHidden } from '../roles/hidden.ts';
import { useTimes } from '../time/use-times.ts';
import { CopyButton } from '../ui/copy-button.tsx';
import { FacePicture, RegisteredPicture } from '../ui/event-pictures.tsx';
import { deviceName, groupName, isCompared } from '../ui/names.ts';
import { PersonName } from '../ui/person-name.tsx';
import { Portrait } from '../ui/portrait.tsx';
import { TypeMark } from '../ui/type-mark.tsx';
import { useImages } from '../ui/use-images.ts';

interface EventDetailProps {
  readonly event: RecognitionEvent;
  /** Leads to all that there is of the person. */
  readonly onPerson: (identityId: string) => void;
}

/** Everything that is known of one recognition, with the whole scene. */
export function EventDetail({ event, onPerson }: EventDetailProps) {
  const t = useTranslations();
  const times = useTimes();
  const images = useImages(event);
  return (
    <article className="flex flex-col gap-4" data-testid="detail">
      <header className="flex items-start justify-between gap-3">
        <div className="min-w-0">
          <h2 className="flex">
            <PersonName event={event} className="text-xl font-semibold" />
          </h2>
          <p dir="auto" className="own-direction truncate text-muted">
            {groupName(event, t)}
          </p>
        </div>
        <TypeMark type={event.personType} />
      </header>
      <Portrait
        onFailed={images.failed}
        url={images.sceneImage?.url}
        label={t('pictures.scene')}
        missing={t('pictures.noScene')}
        hidden={useHidden('scene')}
        className="aspect-video w-full"
      />
      <div className="grid grid-cols-2 gap-3">
        <Captioned caption={t('detail.atDevice')}>
          <FacePicture images={images} className="aspect-square w-full" />
        </Captioned>
        <Captioned caption={t('detail.registered')}>
          <RegisteredPicture
            images={images}
            missing={t('pictures.notRegistered')}
            className="aspect-square w-full"
          />
        </Captioned>
      </div>
      {isCompared(event) && <Similarity value={event.similarity} />}
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1.5">
        <Fact name={t('detail.seenAt')}>{times.full(event.occurredAt)}</Fact>
        <Fact name={t('detail.receivedAt')}>{times.full(event.receivedAt)}</Fact>
        <Fact name={t('detail.device')}>
          <bdi>{deviceName(event.device)}</bdi>
        </Fact>
        <Fact name={t('detail.box')}>
          <bdi>{event.box.name}</bdi>
        </Fact>
        <Fact name={t('detail.site')}>
          <bdi>{event.site.name}</bdi>
        </Fact>
        <Fact name={t('detail.identity')}>
          {event.identityId === null
            ? t('roles.hidden')
            : event.identityId || t('detail.noIdentity')}
        </Fact>
      </dl>
      <div className="flex flex-wrap gap-2">
        {event.identityId && (
          <button
            type="button"
            className="min-h-9 rounded-lg border border-line px-3 font-medium hover:bg-raised"
            onClick={() => onPerson(event.identityId ?? '')}
          >
            {t('detail.allOfPerson')}
          </button>
        )}
        {/* The address of the page leads to what is chosen. */}
        <CopyButton label={t('detail.copyLink')} text={() => location.href} />
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
  const t = useTranslations('detail');
  const format = useFormatter();
  return (
    <div>
      <div className="flex justify-between">
        <span className="text-muted">{t('similarity')}</span>
        <span className="font-semibold tabular-nums">
          {format.number(value, { style: 'percent' })}
        </span>
      </div>
      <div className="mt-1 h-1.5 overflow-hidden rounded-full bg-raised" aria-hidden="true">
        <div className="h-full rounded-full bg-accent" style={{ width: `${value * 100}%` }} />
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
