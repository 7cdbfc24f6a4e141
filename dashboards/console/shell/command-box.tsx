import { useEffect } from 'react';
import { CommandList } from './command-list.tsx';
import { useCommand } from './command-state.ts';

const LIST_ID = 'command-list';

/** `/` and Ctrl or Cmd with K bring the focus to the box, unless someone is typing elsewhere. */
function useShortcut(focus: () => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const isTyping = event.target instanceof HTMLElement && event.target.matches('input, select, textarea');
      const isCalled = ((event.ctrlKey || event.metaKey) && event.key === 'k') || (event.key === '/' && !isTyping);
      if (!isCalled) return;
      event.preventDefault();
      focus();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [focus]);
}

/** The one box: any event id, customer or trace id, and the places, models and drift jobs of the console by name. */
export function CommandBox() {
  const { input, text, isOpen, choices, active, note, onText, onOpen, onKey, onChoose } = useCommand();
  const described = isOpen && choices[active] !== undefined ? { 'aria-activedescendant': `${LIST_ID}-${active}` } : {};
  useShortcut(() => {
    input.current?.focus();
    input.current?.select();
  });
  return (
    <div className="command" role="search">
      <svg viewBox="0 0 16 16" width="15" height="15" aria-hidden="true" className="command-sign">
        <path
          d="M7 2a5 5 0 1 1 0 10A5 5 0 0 1 7 2zm3.6 8.6L14 14"
          fill="none"
          stroke="currentColor"
          strokeWidth="1.6"
          strokeLinecap="round"
        />
      </svg>
      <input
        ref={input}
        type="text"
        role="combobox"
        aria-label="Find an event, a customer, a trace or a model"
        aria-expanded={isOpen}
        aria-controls={LIST_ID}
        aria-autocomplete="list"
        {...described}
        placeholder="Event id, customer or trace id"
        autoComplete="off"
        autoCapitalize="off"
        spellcheck={false}
        value={text}
        onFocus={() => onOpen(true)}
        onBlur={() => onOpen(false)}
        onInput={(event) => onText(event.currentTarget.value)}
        onKeyDown={onKey}
      />
      <kbd className="command-key">/</kbd>
      <CommandList id={LIST_ID} isOpen={isOpen} choices={choices} active={active} note={note} onChoose={onChoose} />
    </div>
  );
}
