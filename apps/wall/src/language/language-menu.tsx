import { useTranslations } from 'use-intl';
import { ChoiceMenu } from '../ui/choice-menu.tsx';
import { Icon } from '../ui/icon.tsx';
import { languageOfTag, languages } from './languages.ts';
import { useLanguage } from './use-language.ts';

const choices = languages.map(({ tag, name }) => ({ value: tag, label: name, lang: tag }));

/** Changes the language of the page. Each language names itself, for those who read no other. */
export function LanguageMenu() {
  const t = useTranslations('page');
  const { language, choose } = useLanguage();
  return (
    <ChoiceMenu
      label={`${t('language')}: ${language.name}`}
      chosen={language.tag}
      choices={choices}
      onChoose={(tag) => {
        const next = languageOfTag(tag);
        if (next) choose(next);
      }}
      className="grid size-10 place-items-center rounded-lg hover:bg-raised"
    >
      <Icon name="globe" />
    </ChoiceMenu>
  );
}
