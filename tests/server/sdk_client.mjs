// A client of the AWS SDK for JavaScript: reads calls from stdin, and writes what comes back.
// Each is a line of JSON. The folder of the package is in NODE_PATH.
import {createRequire} from "node:module";
import {createInterface} from "node:readline";

const sdk = createRequire(import.meta.url)("@aws-sdk/client-mturk");
const client = new sdk.MTurkClient({maxAttempts: 1});

async function call({operation, params}) {
  if (params.ExpireAt) params.ExpireAt = new Date(params.ExpireAt);
  try {
    const {$metadata, ...response} = await client.send(new sdk[`${operation}Command`](params));
    return {response};
  } catch (error) {
    return {error: {code: error.name, message: error.message}};
  }
}

for await (const line of createInterface({input: process.stdin})) {
  process.stdout.write(JSON.stringify(await call(JSON.parse(line))) + "\n");
}
