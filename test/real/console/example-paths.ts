/** A path of the API's description with names of the bundled workspace in place of its parameters. */
export function examplePathOf(path: string): string {
  const name = path.startsWith('/api/teams/') ? 'ml-platform' : 'repurchase';
  return path.replace('{name}', name).replace('{alert}', 'LatencyBudgetBurn').replace('{job}', 'repurchase-weekly');
}
