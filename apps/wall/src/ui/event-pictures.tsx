import { useTranslations } from 'use-intl';
import { useHidden } from '../roles/hidden.ts';
import { Portrait } from './portrait.tsx';
import type { ShownImages } from './use-images.ts';

interface EventPictureProps {
  readonly images: ShownImages;
  readonly className: string;
}

/** The face as the device saw it. */
export function FacePicture({ images, className }: EventPictureProps) {
  const t = useTranslations('pictures');
  return (
    <Portrait
      onFailed={images.failed}
      url={images.faceImage?.url}
      label={t('face')}
      missing={t('none')}
      hidden={useHidden('face')}
      className={className}
    />
  );
}

/** The picture with which the face was compared. @param missing What is said where there is none. */
export function RegisteredPicture({
  images,
  missing,
  className,
}: EventPictureProps & { readonly missing: string }) {
  const t = useTranslations('pictures');
  return (
    <Portrait
      onFailed={images.failed}
      url={images.registeredImage?.url}
      label={t('registered')}
      missing={missing}
      hidden={useHidden('registered')}
      className={className}
    />
  );
}
