/** Where a command prints. */
export interface Output {
  /** Resolves when more may be printed. */
  print(text: string): Promise<void>
  complain(text: string): void
}

/** A stream whose reader has gone, as behind `| head`, is written no more. */
export const terminal: Output = {
  print: text =>
    new Promise((resolve, reject) => {
      process.stdout.write(text, error => (error ? reject(error) : resolve()))
    }),
  complain: text => void process.stderr.write(text),
}
