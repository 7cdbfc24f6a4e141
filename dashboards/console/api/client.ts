/** A request that got no answer to use: the API's own code and sentence, or what stands for them where nobody answered. */
export class ApiProblem extends Error {
  readonly code: string;
  /** HTTP status; 0 where the server could not be reached. */
  readonly status: number;

  constructor(problem: { readonly code: string; readonly message: string; readonly status: number }) {
    super(problem.message);
    this.name = 'ApiProblem';
    this.code = problem.code;
    this.status = problem.status;
  }
}

const UNREACHABLE = {
  code: 'CONSOLE_SERVER_UNREACHABLE',
  message: 'The server does not answer. Is `throughline start` still running? What you see is what it said last.',
  status: 0,
};

function isProblem(body: unknown): body is { readonly code: string; readonly message: string } {
  return typeof body === 'object' && body !== null && 'code' in body && 'message' in body && typeof body.message === 'string';
}

async function problemOf(response: Response): Promise<ApiProblem> {
  const body: unknown = await response.json().catch(() => null);
  const { status } = response;
  if (isProblem(body)) return new ApiProblem({ code: body.code, message: body.message, status });
  const message = `The server answered ${status} and no reason. Its log has the line that belongs to it.`;
  return new ApiProblem({ code: `HTTP_${status}`, message, status });
}

/** Query parameters without those that are undefined or empty. */
export function queryString(parameters: Readonly<Record<string, string | number | boolean | undefined>>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined && value !== '') search.set(name, String(value));
  }
  const text = search.toString();
  return text === '' ? '' : `?${text}`;
}

/** GET of an answer of the API; rejects with an ApiProblem. The server has checked the answer against the schema behind `T`. */
export async function getAnswer<T>(path: string, signal: AbortSignal): Promise<T> {
  const response = await fetch(path, { signal, headers: { accept: 'application/json' } }).catch(() => undefined);
  if (response === undefined) return Promise.reject(new ApiProblem(UNREACHABLE));
  if (!response.ok) return Promise.reject(await problemOf(response));
  return parseAnswer<T>(response);
}

/** POST of a JSON body; else as getAnswer. Never tried again by itself: whether it was done is for the reader to see. */
export async function postAnswer<T>(path: string, body: unknown): Promise<T> {
  const response = await fetch(path, {
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'application/json' },
    body: JSON.stringify(body),
  }).catch(() => undefined);
  if (response === undefined) return Promise.reject(new ApiProblem(UNREACHABLE));
  if (!response.ok) return Promise.reject(await problemOf(response));
  return parseAnswer<T>(response);
}

async function parseAnswer<T>(response: Response): Promise<T> {
  return (await response.json()) as T;
}
