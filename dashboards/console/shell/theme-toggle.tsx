import { useState } from 'react';

const KEY = 'throughline.theme';

type Theme = 'light' | 'dark';

function currentTheme(): Theme {
  const chosen = document.documentElement.dataset['theme'];
  if (chosen === 'light' || chosen === 'dark') return chosen;
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
}

/** Light or dark: the machine's choice until someone makes another; theme.ts applies it before anything is painted. */
export function ThemeToggle() {
  const [theme, setTheme] = useState<Theme>(currentTheme);
  const other: Theme = theme === 'dark' ? 'light' : 'dark';
  const switchTo = (): void => {
    document.documentElement.dataset['theme'] = other;
    localStorage.setItem(KEY, other);
    dispatchEvent(new Event('throughline:theme'));
    setTheme(other);
  };
  return (
    <button
      type="button"
      className="theme-toggle"
      onClick={switchTo}
      aria-label={`Switch to the ${other} colours`}
      title={`${other} colours`}
    >
      <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
        <circle cx="8" cy="8" r="6.2" fill="none" stroke="currentColor" strokeWidth="1.6" />
        <path d="M8 1.8a6.2 6.2 0 0 1 0 12.4z" fill="currentColor" />
      </svg>
    </button>
  );
}
