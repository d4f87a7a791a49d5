"""What still stands between a proven mailbox and an open session."""

from allauth.mfa.stages import AuthenticateStage

from accounts.second_factor import locks_account


class SecondFactorStage(AuthenticateStage):
    """Asks for the second factor at sign-in, where it locks the account."""

    def _should_handle(self, request):
        return self.login.user is not None and locks_account(self.login.user) and super()._should_handle(request)
