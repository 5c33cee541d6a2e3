const read = async (answer) => {
  const body = answer.status === 204 ? undefined : await answer.json();
  if (!answer.ok) throw Object.assign(new Error(body.message), { code: body.code });
  return body;
};

export const session = (id) => fetch(`/api/checkout/sessions/${id}`).then(read);

const post = (id, call, body) =>
  fetch(`/api/checkout/sessions/${id}/${call}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  }).then(read);

export const confirm = (id, body) => post(id, "confirm", body);
export const register = (id, body) => post(id, "billing", body);
export const report = (id, body) => post(id, "failure", body);
