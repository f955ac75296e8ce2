// A user whom calls create.

export const user = (name) => ({
  accountEnabled: true,
  displayName: name,
  mailNickname: name,
  userPrincipalName: `${name}@fourlamps.example`,
  passwordProfile: { forceChangePasswordNextSignIn: true, password: "Br1ght!" },
});
