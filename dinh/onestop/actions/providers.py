"""Which payment provider the province has: chosen by a setting, None while it has none."""

from django.conf import settings

from dinh.onestop.actions.sample_bank import SampleBank
from dinh.onestop.adapters.payments import PaymentProvider
from dinh.onestop.rules.payments import NoProvider

__all__ = ["provider_in_use", "provider_of"]

_PROVIDERS: dict[str, type[PaymentProvider]] = {SampleBank.code: SampleBank}


def provider_in_use() -> PaymentProvider | None:
    """Return the provider that new orders go to. The sample provider serves only a sample province."""
    chosen = _PROVIDERS.get(settings.PAYMENT_PROVIDER)
    if chosen is None or (chosen.is_sample and not settings.IS_SAMPLE):
        return None
    return chosen()


def provider_of(code: str) -> PaymentProvider:
    """Return the provider that an order went to. Raises ``NoProvider`` when it is no longer in use."""
    provider = provider_in_use()
    if provider is None or provider.code != code:
        raise NoProvider
    return provider
