/**
 * A section of a runbook. The one place of the console where HTML is set: the server makes it from the page's Markdown with HTML in it
 * shown as text, and the page's content security policy runs nothing that is inline.
 */
export function ServerHtml({ html }: { readonly html: string }) {
  return <div className="prose" dangerouslySetInnerHTML={{ __html: html }} />;
}
