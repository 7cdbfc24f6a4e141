// @ts-check
/**
 * Turns the lines of the UCI Online Retail data set into the shop's events.
 *
 * The file is in order of time. Each line of an invoice is a `basket.updated`; an invoice is a `purchase.completed` right
 * after its last line, or, where its number begins with C, one `purchase.cancelled` in place of all its lines.
 * Nothing is cleaned here: what the contracts refuse goes to quarantine, in sight of everyone.
 */

/**
 * @typedef {object} Table
 * @property {number} rowCount
 * @property {Readonly<Record<string, readonly unknown[]>>} columns by name, rowCount values each; time stamps as epoch ms
 */

/**
 * @typedef {object} HistoricEvent
 * @property {string} key partition key: the customer, or the invoice where the customer is unknown
 * @property {string} source producer: the shop front of a country
 * @property {string} id with source, names the event for ever: invoice and line ordinal
 * @property {string} type
 * @property {number} timeMs event time, epoch ms
 * @property {Readonly<Record<string, unknown>>} data
 */

/**
 * @typedef {object} Line a line of an invoice, as the shop wrote it
 * @property {string} invoice
 * @property {string | undefined} customerId
 * @property {string} country
 * @property {number} timeMs
 */

/**
 * @typedef {object} Invoice
 * @property {number} lastRow
 * @property {number} lines
 * @property {number} units
 * @property {number} amount
 */

/** @param {unknown} value */
const text = (value) => (typeof value === 'string' ? value : '');

/** @param {number} amount in GBP, to the penny */
const pence = (amount) => Math.round(amount * 100) / 100;

/** @param {string} country */
const shopFront = (country) => `/shop/${country.toLowerCase().replaceAll(/[^a-z]+/gu, '-')}`;

/** @param {string} invoice */
const isCancelled = (invoice) => invoice.startsWith('C');

/**
 * @param {Table} table
 * @param {string} name
 */
function column(table, name) {
  const values = table.columns[name];
  if (values === undefined) throw new Error(`the history has no column ${name}`);
  return values;
}

/**
 * @param {Table} table
 * @returns {Map<string, Invoice>}
 */
function invoicesOf(table) {
  const numbers = column(table, 'InvoiceNo');
  const quantities = column(table, 'Quantity');
  const prices = column(table, 'UnitPrice');
  /** @type {Map<string, Invoice>} */
  const invoices = new Map();
  for (let row = 0; row < table.rowCount; row++) {
    const number = text(numbers[row]);
    const invoice = invoices.get(number) ?? { lastRow: row, lines: 0, units: 0, amount: 0 };
    invoice.lastRow = row;
    invoice.lines += 1;
    invoice.units += Number(quantities[row]);
    invoice.amount += Number(quantities[row]) * Number(prices[row]);
    invoices.set(number, invoice);
  }
  return invoices;
}

/**
 * Reads the line of a row.
 * @param {Table} table
 * @returns {(row: number) => Line}
 */
function lineReader(table) {
  const numbers = column(table, 'InvoiceNo');
  const dates = column(table, 'InvoiceDate');
  const customers = column(table, 'CustomerID');
  const countries = column(table, 'Country');
  return (row) => {
    const customer = customers[row];
    return {
      invoice: text(numbers[row]),
      customerId: typeof customer === 'number' && Number.isFinite(customer) ? String(customer) : undefined,
      country: text(countries[row]),
      timeMs: Number(dates[row]),
    };
  };
}

/**
 * Makes the basket event of a row.
 * @param {Table} table
 * @returns {(row: number, line: Line, ordinal: number) => HistoricEvent}
 */
function basketMaker(table) {
  const stockCodes = column(table, 'StockCode');
  const descriptions = column(table, 'Description');
  const quantities = column(table, 'Quantity');
  const prices = column(table, 'UnitPrice');
  return (row, { invoice, customerId, country, timeMs }, ordinal) => ({
    key: customerId ?? invoice,
    source: shopFront(country),
    id: `${invoice}:${ordinal}`,
    type: 'basket.updated',
    timeMs,
    data: {
      invoice,
      line: ordinal,
      stockCode: text(stockCodes[row]),
      description: text(descriptions[row]),
      quantity: Number(quantities[row]),
      unitPrice: Number(prices[row]),
      ...(customerId === undefined ? {} : { customerId }),
      country,
    },
  });
}

/**
 * The event of a whole invoice, at its last line; a cancellation's units and amount are what was given back.
 * @param {Invoice} totals
 * @param {Line} lastLine
 * @returns {HistoricEvent}
 */
function invoiceEvent({ lines, units, amount }, { invoice, customerId, country, timeMs }) {
  const sign = isCancelled(invoice) ? -1 : 1;
  return {
    key: customerId ?? invoice,
    source: shopFront(country),
    id: `${invoice}:${isCancelled(invoice) ? 'cancelled' : 'completed'}`,
    type: isCancelled(invoice) ? 'purchase.cancelled' : 'purchase.completed',
    timeMs,
    data: {
      invoice,
      ...(customerId === undefined ? {} : { customerId }),
      country,
      lines,
      units: sign * units,
      amount: pence(sign * amount),
    },
  };
}

/**
 * The year's events in order of event time.
 * @param {Table} table
 * @returns {Generator<HistoricEvent>}
 */
export default function* history(table) {
  const invoices = invoicesOf(table);
  const readLine = lineReader(table);
  const makeBasket = basketMaker(table);
  /** @type {Map<string, number>} */
  const ordinals = new Map();
  for (let row = 0; row < table.rowCount; row++) {
    const line = readLine(row);
    const ordinal = (ordinals.get(line.invoice) ?? 0) + 1;
    ordinals.set(line.invoice, ordinal);
    if (!isCancelled(line.invoice)) yield makeBasket(row, line, ordinal);
    const totals = invoices.get(line.invoice);
    if (totals?.lastRow === row) yield invoiceEvent(totals, line);
  }
}
