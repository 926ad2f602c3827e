import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.text
import oauth2_provider.generators
import oauth2_provider.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Integracao',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('client_id', models.CharField(db_index=True, default=oauth2_provider.generators.generate_client_id, max_length=255, unique=True, verbose_name='client ID')),
                ('redirect_uris', models.TextField(blank=True, help_text='Allowed URIs list, space separated', verbose_name='redirect URIs')),
                ('post_logout_redirect_uris', models.TextField(blank=True, default='', help_text='Allowed Post Logout URIs list, space separated', verbose_name='post logout redirect URIs')),
                ('client_type', models.CharField(choices=[('confidential', 'Confidential'), ('public', 'Public')], max_length=32, verbose_name='client type')),
                ('authorization_grant_type', models.CharField(choices=[('authorization-code', 'Authorization code'), ('urn:ietf:params:oauth:grant-type:device_code', 'Device Code'), ('implicit', 'Implicit'), ('password', 'Resource owner password-based'), ('client-credentials', 'Client credentials'), ('openid-hybrid', 'OpenID connect hybrid')], max_length=44, verbose_name='authorization grant type')),
                ('client_secret', oauth2_provider.models.ClientSecretField(blank=True, db_index=True, default=oauth2_provider.generators.generate_client_secret, help_text='Client secret for authentication', max_length=255, verbose_name='client secret')),
                ('hash_client_secret', models.BooleanField(default=True, verbose_name='hash client secret')),
                ('name', models.CharField(blank=True, max_length=255, verbose_name='name')),
                ('skip_authorization', models.BooleanField(default=False, verbose_name='skip authorization')),
                ('created', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('updated', models.DateTimeField(auto_now=True, verbose_name='updated')),
                ('algorithm', models.CharField(blank=True, choices=[('', 'No OIDC support'), ('RS256', 'RSA with SHA-2 256'), ('HS256', 'HMAC with SHA-2 256')], default='', max_length=5, verbose_name='algorithm')),
                ('allowed_origins', models.TextField(blank=True, default='', help_text='Allowed origins list to enable CORS, space separated', verbose_name='allowed origins')),
                ('registration_source', models.CharField(choices=[('manual', 'Manual'), ('dcr', 'Dynamic Client Registration'), ('cimd', 'Client ID Metadata Document')], default='manual', help_text='How this application was registered (manual, DCR per RFC 7591, or CIMD)', max_length=32, verbose_name='registration source')),
                ('cimd_expires_at', models.DateTimeField(blank=True, default=None, help_text='When the cached Client ID Metadata Document should be re-fetched', null=True, verbose_name='CIMD expires at')),
                ('escopos', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('atendimentos:ler', 'atendimentos:ler'), ('atendimentos:escrever', 'atendimentos:escrever'), ('audiencias:ler', 'audiencias:ler'), ('audiencias:escrever', 'audiencias:escrever'), ('estatisticas:ler', 'estatisticas:ler'), ('webhooks:gerir', 'webhooks:gerir')], max_length=40), size=None, verbose_name='escopos')),
                ('usada_em', models.DateTimeField(blank=True, help_text='com precisão de um minuto', null=True, verbose_name='usada em')),
                ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='%(app_label)s_%(class)s', to=settings.AUTH_USER_MODEL, verbose_name='user')),
            ],
            options={
                'verbose_name': 'integração',
                'verbose_name_plural': 'integrações',
                'constraints': [
                    models.UniqueConstraint(django.db.models.functions.text.Lower('name'), name='integracao_nome_unico', violation_error_message='Já há uma integração com este nome. Escolha outro.'),
                    models.CheckConstraint(condition=models.Q(('user__isnull', False)), name='integracao_tem_usuario'),
                ],
            },
        ),
        migrations.CreateModel(
            name='RespostaGuardada',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('chave_hash', models.CharField(max_length=64, verbose_name='hash da chave de idempotência')),
                ('pedido_hash', models.CharField(max_length=64, verbose_name='hash do pedido')),
                ('resposta', models.BinaryField(verbose_name='resposta, cifrada')),
                ('criada_em', models.DateTimeField(db_index=True, verbose_name='criada em')),
                ('integracao', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.OAUTH2_PROVIDER_APPLICATION_MODEL, verbose_name='integração')),
            ],
            options={
                'verbose_name': 'resposta guardada',
                'verbose_name_plural': 'respostas guardadas',
                'constraints': [
                    models.UniqueConstraint(fields=('integracao', 'chave_hash'), name='resposta_guardada_unica'),
                ],
            },
        ),
    ]
