export const won = (value) => `${value.toLocaleString("ko-KR")}원`;
