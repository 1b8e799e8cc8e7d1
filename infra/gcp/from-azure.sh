#!/bin/sh
# Writes the identity that infra/azure created to identity.auto.tfvars, so that this and every later apply grants it access.
set -eu

here=$(cd "$(dirname "$0")" && pwd)

# An output of infra/azure, which is a GUID.
output() {
  value=$(azd env get-value "$1") || value=
  case $value in
    ????????-????-????-????-????????????) printf '%s\n' "$value" ;;
    *)
      echo "from-azure.sh: azd's environment has no $1 yet. Finish 'azd up', then try again." >&2
      exit 1
      ;;
  esac
}

principal=$(output IDENTITY_PRINCIPAL_ID)
tenant=$(output IDENTITY_TENANT_ID)

cat > "$here/identity.auto.tfvars" <<END
azure_principal_id = "$principal"
azure_tenant_id    = "$tenant"
END
