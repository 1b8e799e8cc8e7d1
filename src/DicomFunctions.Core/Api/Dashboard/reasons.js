// Why an input failed, in words, and what to do about it: by the closed list of codes.

import { h } from './dom.js';

const reasons = {
  invalid_request: ['The request is not valid', 'Correct it as its status says, and submit it again.'],
  forbidden: ['This host may not do it', 'Its settings, such as the allowed stores, or its user’s permissions forbid it.'],
  no_data: ['The message has no usable data', 'Check what publishes to the topic.'],
  malformed: ['The message is not the path of an instance', 'Check what publishes to the topic.'],
  not_a_dicom_store: ['The path does not name a DICOM store', 'Check what publishes to the topic.'],
  study_level: ['The path names a study, not an instance', 'Check what publishes to the topic.'],
  series_level: ['The path names a series, not an instance', 'Check what publishes to the topic.'],
  empty_id: ['An id in the path is empty', 'Check what made the path.'],
  bad_id: ['An id of the store is not valid', 'Check project, location, dataset and store.'],
  bad_uid: ['An id is not a UID', 'UIDs are digits and dots, at most 64 characters.'],
  bad_reference: ['The source is malformed or of an unknown kind', 'Correct the reference.'],
  bad_destination: ['The destination is not a store', 'Give it as projects/P/locations/L/datasets/D/dicomStores/S.'],
  unknown_alias: ['The folder in the drop folder has no store', 'Add its name to the aliases, or move the files.'],
  no_destination: ['The drop folder has no store for the file', 'Set a destination, or use the folder of an alias.'],
  no_match: ['The pattern matches nothing', 'Check the pattern or the folder.'],
  too_many: ['The pattern stands for too many sources', 'Split it, or raise the limit on inputs.'],
  empty: ['The source is empty', 'Remove it from the inputs.'],
  not_dicom: ['The file is not DICOM', 'Only DICOM files (PS3.10) can be stored; leave the others out.'],
  changed: ['The source changed while it was read', 'Retry once nothing writes to it any more.'],
  unreadable: ['The source cannot be read', 'Check the permissions of this host.'],
  unavailable: ['The source’s server or file system did not answer', 'Retry later.'],
  unauthenticated: ['The server refused the credentials', 'Check the credentials of this host.'],
  permission_denied: ['A permission is missing, or there is no such store', 'Check the store’s path, and grant this host’s account access to it.'],
  not_found: ['The server does not have it', 'Check the store and the UIDs.'],
  conflict: ['The store has another instance with these UIDs', 'Compare the two; the store keeps the first.'],
  out_of_resources: ['Too large for the server', 'Check its limits and what is left of its storage.'],
  unsupported: ['The server does not support this format', 'Ask for another transfer syntax or media type.'],
  rate_limited: ['The server’s quota is used up', 'Retry later, or raise the quota.'],
  rejected: ['The server refused the request', 'Its message says why.'],
  server_error: ['The server failed', 'Retry later; if it persists, look at the server.'],
  sop_class_not_supported: ['The server does not take this SOP class', 'Use another server, or configure it.'],
  transfer_syntax_not_supported: ['The server does not take this transfer syntax', 'Convert the file, or use another server.'],
  invalid_data_set: ['The data set is not what its SOP class asks for', 'The server’s message says what it misses.'],
  cannot_understand: ['The server cannot understand the instance', 'Its message says why.'],
  unconfirmed: ['The server did not say whether it stored the instance', 'Retry: an instance that is there is compared.'],
  bad_answer: ['The answer is not what was asked for', 'Check that the address is that of a DICOMweb server.'],
  incomplete: ['The answer is not complete', 'Retry; if it persists, look at the server.'],
  over_limit: ['The answer is over a limit of this host', 'Ask for less, or raise the limit.'],
  no_credentials: ['This host has no valid credentials', 'Set up Application Default Credentials.'],
  unreachable: ['The server cannot be reached', 'Check its address and the network, then retry.'],
  untrusted: ['The server’s certificate is not trusted', 'Install the certificate of its authority on this host.'],
  timed_out: ['The server did not answer in time', 'Retry later.'],
  broken_off: ['The answer broke off', 'Retry; if it persists, look at the network.'],
  name_taken: ['Other bytes have the place of the file', 'Move the file that is there.'],
  client_failed: ['The registered client failed', 'Look at the log of the host.'],
  other: ['Other reasons', 'The records tell each of them.'],
};

/** The reason of a code in words. */
export const reason = code => reasons[code]?.[0] ?? code.replaceAll('_', ' ');

/** The reason with its code, and what to do about it. */
export const explain = (code, ...more) => h('span.what', {},
  h('strong', {}, reason(code)), ' ', h('code', {}, code), h('span.hint', {}, reasons[code]?.[1] ?? ''), more);
