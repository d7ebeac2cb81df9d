// A bare client, as a process of its own: sends the requests of a file to SALEOR_API_URL, as many at once as the command had
// in flight, reads each answer as JSON, and does nothing with it. Ends in 1 if an answer is an error.
import { readFileSync } from 'node:fs';

const { SALEOR_API_URL: url, SALEOR_TOKEN: token } = process.env;
const requests = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
let [ended, left, next] = [0, requests.length, 0];

await new Promise((finished, failed) => {
  const send = async ({ body, counts }) => {
    const answer = await fetch(url, { method: 'POST', headers, body });
    const { errors } = await answer.json();
    if (errors !== undefined) throw new Error(JSON.stringify(errors));
    if (counts) ended += 1;
    left -= 1;
    go();
  };
  const go = () => {
    if (left === 0) finished();
    for (; next < requests.length && requests[next].after <= ended; next += 1)
      send(requests[next]).catch(failed);
  };
  go();
});
