// Runs in the head, before anything is painted: a colour scheme that someone chose holds from the first frame. No imports, so that it
// is a plain script. shell/theme-toggle.tsx writes what this reads.
const chosen = localStorage.getItem('throughline.theme');
if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset['theme'] = chosen;
