const key = 'se5-token';

/** For as long as the tab lives, and never beyond it. */
export const storedToken = (): string | undefined => sessionStorage.getItem(key) ?? undefined;

export const storeToken = (token: string): void => sessionStorage.setItem(key, token);
